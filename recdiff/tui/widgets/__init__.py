"""The parts of the review screen: attributes go down into them, messages come up. None of them knows the app."""
