"""Views of the edits for the people and programs that judge them."""
