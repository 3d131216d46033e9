"""What goes over the wire for each call: shared by the clients that block and those that await."""
