# Where this chapter is in the book.
PART = 8
load "figures/style.gp"
load "figures/map.gp"
