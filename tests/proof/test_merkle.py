import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panro.proof.merkle import MerkleTree, merkle_root, text_root, verify_path

# The leaves and roots used by the reference implementations of RFC 6962 and RFC 9162.
LEAVES = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def naive(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + naive(leaves[:split]) + naive(leaves[split:])).digest()


@pytest.mark.parametrize("count", range(1, 9))
def test_known_roots(count: int) -> None:
    assert merkle_root(LEAVES[:count]) == ROOTS[count - 1]
    assert MerkleTree(LEAVES[:count]).root == ROOTS[count - 1]


def test_known_paths() -> None:
    # RFC 9162, 2.1.5: in the tree of seven, the paths of d0, d3, d4 and d6.
    tree = MerkleTree(LEAVES[:7])
    leaf = [hashlib.sha256(b"\0" + one).hexdigest() for one in LEAVES]

    def node(*leaves: int) -> str:
        return naive([LEAVES[one] for one in leaves]).hex()

    assert tree.path(0) == (leaf[1], node(2, 3), node(4, 5, 6))
    assert tree.path(3) == (leaf[2], node(0, 1), node(4, 5, 6))
    assert tree.path(4) == (leaf[5], leaf[6], node(0, 1, 2, 3))
    assert tree.path(6) == (node(4, 5), node(0, 1, 2, 3))


def test_of_nothing() -> None:
    empty = hashlib.sha256(b"").hexdigest()
    assert (merkle_root([]), text_root([]), MerkleTree([]).root) == (empty, empty, empty)
    with pytest.raises(IndexError):
        MerkleTree([]).path(0)


@given(st.lists(st.binary(max_size=5), min_size=1, max_size=70))
def test_every_leaf_has_a_path_to_the_naive_root(leaves: list[bytes]) -> None:
    tree, root = MerkleTree(leaves), naive(leaves).hex()
    assert tree.root == root
    for index, leaf in enumerate(leaves):
        path = tree.path(index)
        assert verify_path(leaf, index, len(leaves), path, root)
        assert not verify_path(leaf + b"x", index, len(leaves), path, root)
        assert not verify_path(leaf, index, len(leaves), (*path, root), root)
        assert not verify_path(leaf, len(leaves), len(leaves), path, root)
        if path:
            assert not verify_path(leaf, index, len(leaves), path[:-1], root)
