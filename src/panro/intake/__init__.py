"""Applications (신청): steps, drafts, snapshots, receipts, supplements."""
