# Where this chapter is in the book.
PART = 9
load "figures/style.gp"
load "figures/map.gp"
