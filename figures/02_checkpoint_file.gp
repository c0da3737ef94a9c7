# The three parts of a safetensors file: a length, a header, numbers.
# data: file.dat
load "figures/style.gp"
n = rows("file.dat"); array KIND[n + 1]; array A[n + 1]; array B[n + 1]; array C[n + 1]
@READ file("file.dat") using (i = int($0) + 1, KIND[i] = strcol(1), A[i] = strcol(2), B[i] = strcol(3), \
    C[i] = strcol(1) eq "number" ? strcol(4) : "", 0):(0) @INTO
grouped(n) = n < 1000 ? sprintf("%d", n) : grouped(n / 1000) . sprintf(",%03d", n % 1000)
headers = 0; numbers = 0
do for [i = 1:n] {
    if (KIND[i] eq "header") { headers = headers + 1 }
    if (KIND[i] eq "number") { numbers = numbers + 1; if (numbers == 1) { first = i } }
    if (KIND[i] eq "size") { size = int(A[i]); header = int(B[i]) }
    if (KIND[i] eq "tensors") { type = B[i] }
    if (KIND[i] eq "token") { id = A[i]; token = fit(B[i], 150, 13) }
}
W = 880; H = 432
TITLE = "model.safetensors, from its first byte to its last"
SUBTITLE = sprintf("%s bytes: a length, a header of text, and numbers", grouped(size))
@CANVAS
left = 20; right = W - 20; chip = 30

# The whole file, to scale.
Y0 = 64; Y1 = 82; wide_ = right - left
cut = left + wide_ * (header + 8.0) / size
cut = cut < left + 2 ? left + 2 : cut
X0 = left; X1 = cut; FILL = ROOM_FILL; LINE = ROOM_LINE
@CELL
X0 = cut; X1 = right; FILL = TOKEN_FILL; LINE = TOKEN_LINE
@CELL
set label "to scale" at right, 94 right font sans(11) tc rgb SOFT

# 1. Eight bytes.
y = 118
set label "1  the length" at left, y + 14 font bold(13) tc rgb INK
do for [i = 1:8] {
    X0 = 150 + (i - 1) * 38; X1 = X0 + 36; Y0 = y; Y1 = y + chip; FILL = TOKEN_FILL; LINE = TOKEN_LINE
    @CELL
    set label B[i] at (X0 + X1) / 2, y + chip / 2 center front font mono(13) tc rgb TOKEN_TEXT
}
set label sprintf("8 bytes, the lowest first: the header is %s bytes long", grouped(header)) at 466, y + chip / 2 \
    font sans(13) tc rgb INK

# 2. The header.
y = 178; line = 20
set label "2  the header" at left, y + 14 font bold(13) tc rgb INK
X0 = 150; X1 = right; Y0 = y; Y1 = y + (headers + 1) * line + 14; FILL = ROOM_FILL; LINE = ROOM_LINE
@CELL
k = 0
do for [i = 1:n] {
    if (KIND[i] eq "header") {
        k = k + 1
        set label fit(B[i], right - 150 - 20, 11) at 160, y - 3 + k * line front font mono(11) tc rgb INK
    }
}
set label "… and so on: type, shape and bytes of each tensor" \
    at 160, y - 3 + (k + 1) * line front font sans(12) tc rgb SOFT

# 3. The numbers.
y = y + (headers + 1) * line + 62
set label "3  the numbers" at left, y + 14 font bold(13) tc rgb INK
set label sprintf("row %s of wte.weight (%s), the token", id, type) at 150, y - 26 font sans(13) tc rgb INK
X0 = 150 + 0.51 * 13 * columns(sprintf("row %s of wte.weight (%s), the token", id, type)) + 4
X1 = X0 + wide(token, 13) + 14; Y0 = y - 38; Y1 = y - 14; FILL = TOKEN_FILL; LINE = TOKEN_LINE
@CHIP
set label token at (X0 + X1) / 2, y - 26 center front font mono(13) tc rgb TOKEN_TEXT
each = 112
do for [j = 1:numbers] {
    i = first + j - 1
    X0 = 150 + (j - 1) * each; X1 = X0 + each - 4; Y0 = y; Y1 = y + 54; FILL = TOKEN_FILL; LINE = TOKEN_LINE
    @CELL
    set label B[i] at (X0 + X1) / 2, y + 16 center front font mono(12) tc rgb TOKEN_TEXT
    set label C[i] at (X0 + X1) / 2, y + 38 center front font monobold(13) tc rgb TOKEN_TEXT
    set label grouped(int(A[i])) at (X0 + X1) / 2, y + 68 center font sans(11) tc rgb SOFT
}
if (numbers > 5) { set label "…" at 150 + numbers * each + 2, y + 27 font sans(15) tc rgb SOFT }
set label "at byte" at left, y + 68 font sans(11) tc rgb SOFT
set label "its bytes" at left, y + 34 font sans(11) tc rgb SOFT
set label "the number" at left, y + 48 font sans(11) tc rgb SOFT
@DONE
