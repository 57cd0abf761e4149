"""What came as a file: recognised by its content, read to pages, drawn as pictures.

Files come from strangers. Whatever decodes them runs in a process of its own (`decoder.py`), with
little time and memory and without the site's environment, so that the worst a file does is to be
refused.
"""
