"""What makes a record checkable: canonical JSON, hashes, commitments, Merkle trees and the chain of seals."""
