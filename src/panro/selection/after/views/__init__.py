"""Pages of what comes after publication, by who looks at them."""
