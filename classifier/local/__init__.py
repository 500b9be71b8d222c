"""What a municipality's own letters teach: made fit to learn from, the model of them, and who is champion."""
