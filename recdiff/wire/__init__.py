"""Wire formats: from body bytes or lines to events. They know no provider and no container."""
