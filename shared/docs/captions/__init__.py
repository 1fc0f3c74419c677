"""Reading captions of lectures: the words that were said become a text whose lines know their seconds."""
