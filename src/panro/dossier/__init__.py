"""The dossier of a round: what it left behind, written so that anybody can recompute the selection."""
