"""What comes in: messages, answers of web forms, what documents say, who wrote, and what came back."""
