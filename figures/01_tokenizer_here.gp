# Where this chapter is in the book.
PART = 1
load "figures/style.gp"
load "figures/map.gp"
