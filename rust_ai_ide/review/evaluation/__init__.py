"""How far the rules agree with Clippy: on the labelled fixtures of its tests."""
