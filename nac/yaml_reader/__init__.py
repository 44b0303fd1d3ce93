"""YAML text → Node: positions of every key and value, YAML 1.2 core values, and every limit against bombs."""

from nac.yaml_reader.reader import MAX_BYTES, MAX_DEPTH, MAX_NODES, read_yaml

__all__ = ["MAX_BYTES", "MAX_DEPTH", "MAX_NODES", "read_yaml"]
