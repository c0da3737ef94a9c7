# Where this chapter is in the book.
PART = 15
load "figures/style.gp"
load "figures/map.gp"
