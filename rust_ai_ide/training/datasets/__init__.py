"""Prepared datasets: folders of Rust files to train on, with a card that says where they came from.

Start at `preparing`, which makes one of folders, and `curating`, which makes one of written samples. `reading` gives a
prepared dataset to a trainer, `card` is what it says about itself.
"""
