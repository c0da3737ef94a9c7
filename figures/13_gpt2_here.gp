# Where this chapter is in the book.
PART = 13
load "figures/style.gp"
load "figures/map.gp"
