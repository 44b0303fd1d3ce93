"""What a message is made of: its length, its markup, its links, its blocks.

What can be seen in a template alone is told at its place there; what takes a rendering, at the field it is seen in.
"""
