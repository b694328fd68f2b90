"""Making models: `corpus` cleans Rust sources, `tokeniser` learns its words, `samples` makes windows of them,
`pretraining` trains a network, `export` writes the model folder, and `starter` does all of it; `finetuning` goes
on from a model folder.

What needs PyTorch imports it when called; without it those functions say how to install it.
"""
