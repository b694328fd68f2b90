"""Trains a model folder further on a dataset: `presets` and `validation` before, `job` does it, `comparing` after.

What needs PyTorch or PEFT imports it when called; without it those functions say how to install it.
"""
