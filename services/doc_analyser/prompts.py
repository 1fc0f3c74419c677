"""The task of the model for a document. Pure."""

ANALYSIS = (
    "Read the numbered document. Give its type and level; the numbers of one to three sentences that say what it is "
    "about; the terms it defines, each with the number of the sentence that defines it (the term must stand in that "
    "sentence); three to six learning objectives, each beginning with a verb a learner can be tested on (Define, "
    "Explain, Use, Compare, …), in the words of the heading or concept it is about, and the number of the section "
    "that teaches it; what a reader must know before; related topics."
)
