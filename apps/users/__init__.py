"""The bare nouns of people: who somebody is and which team they belong to.

What they may do, and every change to it, is `access`, which lies above history.
"""
