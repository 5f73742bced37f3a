"""PyTorch のモデルと、その Keras 版。"""
