"""PyTorch のモデルと、Keras で書いた同じモデル。"""
