"""One declaration of each field of a file, a setting or a request: its reader and its documentation are made from it.

Standard library only, and nothing of the program: everything else may build on it.
"""
