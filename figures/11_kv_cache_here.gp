# Where this chapter is in the book.
PART = 11
load "figures/style.gp"
load "figures/map.gp"
