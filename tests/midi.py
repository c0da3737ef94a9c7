#!/usr/bin/env python3
"""Is what 15_beyond writes MIDI, and the same tune? mido, another program, reads it back.

    /usr/bin/python3 tests/midi.py [MODEL]

Twenty tunes, warm ones among them, whose tokens are read here once more: when each note begins and ends, on which
channel, and nothing else. The metre and the tempo too, and that the last note's end is the track's.
"""
import os
import subprocess
import sys
import tempfile

try:
    import mido
except ImportError:
    print("skipped: python3-mido is not installed (make deps-dev)")
    sys.exit(0)

TICKS = 240


def notes_of(tokens):
    """(begin, end, channel, pitch) of each note, in ticks."""
    notes, now, chord, flute, in_chord = [], 0, [], None, False
    for c in tokens[1:] if tokens[:1] in ("4", "3", "6") else tokens:
        if "A" <= c <= "X":
            if not in_chord:
                notes += [(begin, now, 1, pitch) for begin, pitch in chord]
                chord = []
            chord.append((now, 33 + ord(c) - ord("A")))
            in_chord = True
        elif "a" <= c <= "z":
            flute = 57 + ord(c) - ord("a")
        elif "1" <= c <= "9":
            if flute is not None:
                notes.append((now, now + int(c), 0, flute))
            now, flute, in_chord = now + int(c), None, False
    notes += [(begin, now, 1, pitch) for begin, pitch in chord]
    return sorted((b * TICKS, e * TICKS, c, p) for b, e, c, p in notes if e > b)


def notes_in(path):
    """The same, as mido finds them; and the metre, the tempo, the programs."""
    song = mido.MidiFile(path)
    assert song.type == 0 and len(song.tracks) == 1 and song.ticks_per_beat == 2 * TICKS, song
    now, sounding, notes, told = 0, {}, [], {}
    for message in song.tracks[0]:
        now += message.time
        if message.type in ("note_on", "note_off"):
            key = (message.channel, message.note)
            if message.type == "note_on" and message.velocity > 0:
                sounding.setdefault(key, []).append(now)
            else:
                notes.append((sounding[key].pop(0), now, *key))
        else:
            told[message.type, getattr(message, "channel", None)] = message
    assert not any(sounding.values()), "a note never ends"
    return sorted(notes), told


def main():
    model = sys.argv[1] if len(sys.argv) > 1 else "models/tunes"
    for seed in range(1, 21):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "tune.mid")
            words = ["build/15_beyond", "music", "--model", model, "--seed", str(seed), "--temperature", "2" if seed > 15 else "1"]
            subprocess.run(words + ["--midi", path], check=True, stdout=subprocess.DEVNULL)
            said = subprocess.run(words + ["--count", "2"], check=True, capture_output=True, text=True).stdout
            tokens = said.split("\n")[0].rstrip("?")
            got, told = notes_in(path)
            want = notes_of(tokens)
            if got != want:
                sys.exit(f"seed {seed}: {tokens}\nmido finds {got}\nexpected   {want}")
            metre = told["time_signature", None]
            if tokens[0] in "436":
                assert (metre.numerator, metre.denominator) == {"4": (4, 4), "3": (3, 4), "6": (6, 8)}[tokens[0]], metre
            assert told["set_tempo", None].tempo in (400000, 480000, 500000)
            assert (told["program_change", 0].program, told["program_change", 1].program) == (73, 46)
    print("20 tunes: mido reads the notes that their tokens say")


main()
