"""Speed and memory, compared with bert4keras, bert4torch and transformers."""
