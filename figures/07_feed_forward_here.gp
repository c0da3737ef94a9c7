# Where this chapter is in the book.
PART = 7
load "figures/style.gp"
load "figures/map.gp"
