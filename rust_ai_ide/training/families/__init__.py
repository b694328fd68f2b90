"""The families of networks that can be trained: `family` says what one must know, `known` has them all."""
