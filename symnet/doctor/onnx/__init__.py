"""The doctor for ONNX models: which node breaks, where its sizes come from, and which attributes, arrays or nodes mend
the model.
"""
