"""Private training: DP-SGD on adapters, with what it promises and what not; and `updates`, which promise nothing.

Abadi et al., "Deep learning with differential privacy" (2016). Opacus computes the gradients of single records, clips
them and adds the noise; Poisson sampling and the unit, a file with its changed copies, are ours.
"""
