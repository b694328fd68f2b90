"""The source under review: git, manifests, archives, syntax, and what changed."""
