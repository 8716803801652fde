"""Tags of the desk's pages."""
