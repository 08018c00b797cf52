"""Makes the pictures of DifferentialTest: random ones in every format, and the pixels that Pillow (with libjpeg-turbo,
libtiff and libwebp) reads from them. Kinds that Pillow does not write are written here byte by byte.

    python3 make_pictures.py ../resources/pictures
"""

import csv
import hashlib
import io
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

RANDOM = np.random.default_rng(18)


def size(most=64):
    """A random width and height; small ones are likelier, since edges are where faults are."""
    return tuple(int(round(most ** RANDOM.random())) for _ in range(2))


def samples(width, height, channels, bits):
    """[height, width, channels] random samples: noise, a ramp, or few values in blocks."""
    top = 1 << bits
    kind = RANDOM.integers(3)
    if kind == 0:
        return RANDOM.integers(0, top, (height, width, channels))
    if kind == 1:
        ramp = np.arange(height)[:, None, None] * 3 + np.arange(width)[None, :, None] * 2 + np.arange(channels) * 5
        return ramp * (top // 64 + 1) % top
    few = RANDOM.integers(0, top, (height // 4 + 1, width // 4 + 1, channels))
    return few.repeat(4, 0).repeat(4, 1)[:height, :width]


def packed(plane, bits):
    """The rows of [height, width, channels] samples as bytes, each row padded to a whole one; 16 bits big-endian."""
    height = plane.shape[0]
    flat = plane.reshape(height, -1)
    if bits == 16:
        return [row.astype(">u2").tobytes() for row in flat]
    if bits == 8:
        return [row.astype("u1").tobytes() for row in flat]
    digits = (flat[:, :, None] >> np.arange(bits)[::-1]) & 1
    return [np.packbits(row.reshape(-1).astype("u1")).tobytes() for row in digits]


def to_8(values, bits):
    """Samples as the project shows them: the upper byte, or stretched to 0...255."""
    return values >> (bits - 8) if bits >= 8 else values * 255 // ((1 << bits) - 1)


def rgb_of(values, bits, palette=None):
    """[height, width, 3] of grey (1), grey and alpha (2), RGB (3) or RGBA (4) samples, or of palette indices."""
    if palette is not None:
        return palette[values[:, :, 0]]
    eight = to_8(values, bits)
    return eight[:, :, [0, 0, 0]] if values.shape[2] < 3 else eight[:, :, :3]


def png(values, bits, color, palette, interlaced):
    height, width, _ = values.shape

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    passes = [(0, 0, 1, 1)]
    if interlaced:
        passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    data = b""
    for x, y, dx, dy in passes:
        part = values[y::dy, x::dx]
        if part.size:
            pixel = max(1, bits * part.shape[2] // 8)
            before = None
            for row in packed(part, bits):
                data += filtered(row, before or bytes(len(row)), pixel)
                before = row
    out = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, color, 0, 0, interlaced))
    if palette is not None:
        out += chunk(b"PLTE", palette.astype("u1").tobytes())
    return out + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def filtered(row, above, pixel):
    kind = int(RANDOM.integers(5))
    out = bytearray([kind])
    for i, x in enumerate(row):
        a = row[i - pixel] if i >= pixel else 0
        b = above[i]
        c = above[i - pixel] if i >= pixel else 0
        p = a + b - c
        paeth = a if abs(p - a) <= abs(p - b) and abs(p - a) <= abs(p - c) else b if abs(p - b) <= abs(p - c) else c
        out.append((x - [0, a, b, (a + b) // 2, paeth][kind]) & 255)
    return bytes(out)


def lzw(data):
    """TIFF's LZW: most significant bit first, codes grow one early."""
    table, width, bits, count, before = {}, 9, 0, 0, b""
    out = bytearray()

    def put(code):
        nonlocal bits, count
        bits = bits << width | code
        count += width
        while count >= 8:
            out.append(bits >> (count - 8) & 255)
            count -= 8
        bits &= (1 << count) - 1

    put(256)
    table = {bytes([i]): i for i in range(256)}
    following = 258
    for byte in data:
        longer = before + bytes([byte])
        if longer in table:
            before = longer
            continue
        put(table[before])
        table[longer] = following
        following += 1
        if following == 1 << width:
            width += 1
        if following == 4094:
            put(256)
            table, following, width = {bytes([i]): i for i in range(256)}, 258, 9
        before = bytes([byte])
    if before:
        put(table[before])
        following += 1
        if following == 1 << width:
            width += 1
    put(257)
    if count:
        out.append(bits << (8 - count) & 255)
    return bytes(out)


def packbits(data):
    out, i = bytearray(), 0
    while i < len(data):
        run = 1
        while i + run < len(data) and run < 128 and data[i + run] == data[i]:
            run += 1
        if run > 1:
            out += bytes([257 - run, data[i]])
        else:
            while i + run < len(data) and run < 128 and (i + run + 1 >= len(data) or data[i + run] != data[i + run + 1]):
                run += 1
            out += bytes([run - 1]) + data[i : i + run]
        i += run
    return bytes(out)


COMPRESSIONS = {1: bytes, 5: lzw, 8: zlib.compress, 32773: packbits}


def tiff(values, bits, photometric, palette=None, compression=1, little=True, tiled=False, planar=False, predictor=1):
    """A TIFF of one page. Predictor 2 is for 8 bits."""
    height, width, channels = values.shape
    order = "<" if little else ">"
    part_width, part_height = (16, 16) if tiled else (width, max(1, height // 3))
    parts = []
    for plane in [values[:, :, c : c + 1] for c in range(channels)] if planar else [values]:
        for y in range(0, height, part_height):
            for x in range(0, width, part_width):
                part = plane[y : y + part_height, x : x + part_width]
                if tiled:
                    below = ((0, part_height - part.shape[0]), (0, part_width - part.shape[1]), (0, 0))
                    part = np.pad(part, below, mode="edge")
                if predictor == 2:
                    part = np.concatenate([part[:, :1], np.diff(part, axis=1)], axis=1) % 256
                rows = packed(part, bits)
                if bits == 16 and little:
                    rows = [np.frombuffer(row, ">u2").astype("<u2").tobytes() for row in rows]
                # PackBits goes row by row.
                pack = COMPRESSIONS[compression]
                parts.append(b"".join(map(pack, rows)) if compression == 32773 else pack(b"".join(rows)))
    entries = {256: (3, [width]), 257: (3, [height]), 258: (3, [bits] * channels), 259: (3, [compression])}
    entries[262] = (3, [photometric])
    entries[277] = (3, [channels])
    entries[284] = (3, [2 if planar else 1])
    if predictor == 2:
        entries[317] = (3, [2])
    if palette is not None:
        entries[320] = (3, list((palette * 257).T.reshape(-1)))
    if channels in (2, 4):
        entries[338] = (3, [2])
    offsets, lengths = (324, 325) if tiled else (273, 279)
    if tiled:
        entries[322], entries[323] = (3, [part_width]), (3, [part_height])
    else:
        entries[278] = (3, [part_height])
    at, places, body = 8, [], b""
    for part in parts:
        places.append(at + len(body))
        body += part + bytes(len(part) % 2)
    entries[offsets], entries[lengths] = (4, places), (4, [len(part) for part in parts])
    directory = at + len(body)
    extra = directory + 2 + 12 * len(entries) + 4
    head, tail = b"", b""
    for tag in sorted(entries):
        kind, numbers = entries[tag]
        content = struct.pack(order + str(len(numbers)) + ("H" if kind == 3 else "I"), *map(int, numbers))
        value = content.ljust(4, b"\0")
        if len(content) > 4:
            value = struct.pack(order + "I", extra + len(tail))
            tail += content + bytes(len(content) % 2)
        head += struct.pack(order + "HHI", tag, kind, len(numbers)) + value
    start = (b"II" if little else b"MM") + struct.pack(order + "HI", 42, directory)
    return start + body + struct.pack(order + "H", len(entries)) + head + bytes(4) + tail


def bmp(rows, width, height, bits, palette=b"", compression=0, masks=b"", top_down=False):
    """A BMP of rows that are packed already, the lowest first."""
    data = rows if isinstance(rows, bytes) else b"".join(row + bytes(-len(row) % 4) for row in rows)
    header = struct.pack(
        "<IiiHHIIiiII", 40, width, -height if top_down else height, 1, bits, compression, len(data), 0, 0,
        len(palette) // 4, 0)
    start = 14 + 40 + len(masks) + len(palette)
    return b"BM" + struct.pack("<IHHI", start + len(data), 0, 0, start) + header + masks + palette + data


def rle8(values):
    out = b""
    for row in values[::-1, :, 0]:
        i = 0
        while i < len(row):
            run = 1
            while i + run < len(row) and run < 255 and row[i + run] == row[i]:
                run += 1
            out += bytes([run, int(row[i])])
            i += run
        out += b"\0\0"
    return out + b"\0\1"


class Folder:
    def __init__(self, path):
        self.path = Path(path)
        self.path.mkdir(parents=True, exist_ok=True)
        for old in self.path.iterdir():
            old.unlink()
        self.rows = []

    def add(self, what, end, content, known=None, keep=False):
        """Writes a file and records Pillow's pixels, which have to be those that it was written from if these are known."""
        name = f"{len(self.rows):03d}-{what}.{end}"
        (self.path / name).write_bytes(content)
        read = self.pixels(Image.open(io.BytesIO(content)))
        if known is not None and (read != known.astype("u1")).any():
            raise ValueError(f"{name}: Pillow reads other pixels")
        if keep:
            Image.fromarray(read).save(self.path / f"{name}.expected.png", optimize=True)
        digest = hashlib.sha256(np.ascontiguousarray(read).tobytes()).hexdigest()
        self.rows.append([name, read.shape[1], read.shape[0], digest])

    @staticmethod
    def pixels(image):
        """What Pillow reads, as 8-bit RGB without alpha."""
        if image.mode.startswith("I;16"):
            grey = np.asarray(image).astype(int) >> 8
            return grey[:, :, None].repeat(3, 2).astype("u1")
        if image.mode == "LA":
            image = image.getchannel(0)
        if image.mode == "CMYK":
            # Pillow rounds otherwise than OpenCV, which the project follows here.
            inks = np.asarray(image).astype(int)
            light = 255 - inks[:, :, 3:]
            return (light - (inks[:, :, :3] * light >> 8)).astype("u1")
        if image.mode in ("RGBA", "RGBX"):
            return np.asarray(image)[:, :, :3]
        if image.mode == "PA" or image.mode == "P":
            image.info.pop("transparency", None)
        return np.asarray(image.convert("RGB"))

    def close(self):
        with open(self.path / "pixels.csv", "w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["file", "width", "height", "sha256"])
            writer.writerows(self.rows)
        total = sum(file.stat().st_size for file in self.path.iterdir())
        print(f"{len(self.rows)} pictures, {total} bytes")


def saved(values, mode, end, **options):
    if mode == "1":
        image = Image.fromarray((values[:, :, 0] * 255).astype("u1")).convert("1", dither=Image.Dither.NONE)
    else:
        flat = values[:, :, 0] if values.shape[2] == 1 else values
        image = Image.fromarray(np.ascontiguousarray(flat.astype("u1")), mode)
    out = io.BytesIO()
    image.save(out, end, **options)
    return out.getvalue()


def make_pngs(folder):
    for color, channels, depths in [(0, 1, (1, 2, 4, 8, 16)), (3, 1, (1, 2, 4, 8)), (2, 3, (8, 16)), (4, 2, (8, 16)), (6, 4, (8, 16))]:
        for bits in depths:
            for interlaced in (0, 1):
                width, height = size(64 if channels * bits <= 8 else 24)
                values = samples(width, height, channels, bits)
                palette = RANDOM.integers(0, 256, (1 << bits, 3)) if color == 3 else None
                content = png(values, bits, color, palette, interlaced)
                folder.add(f"c{color}-{bits}{'i' if interlaced else ''}", "png", content, rgb_of(values, bits, palette))


def make_jpegs(folder):
    for mode, channels in [("L", 1), ("RGB", 3), ("CMYK", 4)]:
        for progressive in (False, True):
            for sampling in ("4:4:4", "4:2:2", "4:2:0") if mode == "RGB" else ("4:4:4",):
                for quality in (30, 95):
                    width, height = size(48)
                    values = samples(width, height, channels, 8)
                    options = {"quality": quality, "progressive": progressive, "subsampling": sampling}
                    if RANDOM.integers(2):
                        options["restart_marker_blocks"] = int(RANDOM.integers(1, 5))
                    name = f"{mode.lower()}-{sampling.replace(':', '')}-{quality}{'p' if progressive else ''}"
                    folder.add(name, "jpg", saved(values, mode, "JPEG", **options))


def make_bmps(folder):
    for bits in (1, 4, 8):
        width, height = size()
        values = samples(width, height, 1, bits)
        palette = RANDOM.integers(0, 256, (1 << bits, 3))
        quads = np.concatenate([palette[:, ::-1], np.zeros((1 << bits, 1), int)], axis=1).astype("u1").tobytes()
        rows = packed(values, bits)
        folder.add(f"p{bits}", "bmp", bmp(rows[::-1], width, height, bits, quads), palette[values[:, :, 0]])
        if bits == 8:
            down = bmp(rows, width, height, bits, quads, top_down=True)
            folder.add("p8-down", "bmp", down, palette[values[:, :, 0]])
            folder.add("p8-rle", "bmp", bmp(rle8(values), width, height, 8, quads, 1), palette[values[:, :, 0]])
    for bits, order in [(24, [2, 1, 0]), (32, [2, 1, 0, 2])]:
        width, height = size(32)
        values = samples(width, height, 3, 8)
        rows = packed(values[:, :, order], 8)
        folder.add(f"rgb{bits}", "bmp", bmp(rows[::-1], width, height, bits), values)


def make_gifs(folder):
    for colors in (2, 4, 16, 256):
        for interlaced in (0, 1):
            width, height = size()
            # Java's reader misreads interlaced frames of two to four rows, so that they are refused.
            height = max(height, 5) if interlaced else height
            values = samples(width, height, 1, 8) % colors
            image = Image.fromarray(values[:, :, 0].astype("u1"), "P")
            image.putpalette(RANDOM.integers(0, 256, 3 * colors).astype("u1").tobytes())
            out = io.BytesIO()
            image.save(out, "GIF", interlace=interlaced)
            folder.add(f"{colors}{'i' if interlaced else ''}", "gif", out.getvalue())


def make_tiffs(folder):
    for compression in COMPRESSIONS:
        for tiled in (False, True):
            for kind, channels, bits in [
                ("white", 1, 1), ("black", 1, 1), ("black", 1, 4), ("black", 1, 8), ("black", 1, 16), ("palette", 1, 4),
                ("palette", 1, 8), ("rgb", 3, 8), ("rgb", 3, 16), ("rgb", 4, 8)]:
                if RANDOM.integers(3) == 0 and kind != "rgb":
                    continue
                width, height = size(64 if channels * bits <= 8 else 20)
                values = samples(width, height, channels, bits)
                palette = RANDOM.integers(0, 256, (1 << bits, 3)) if kind == "palette" else None
                photometric = {"white": 0, "black": 1, "rgb": 2, "palette": 3}[kind]
                little = bool(RANDOM.integers(2))
                predictor = 2 if compression in (5, 8) and bits == 8 and kind != "palette" and RANDOM.integers(2) else 1
                planar = channels == 3 and bool(RANDOM.integers(2)) and predictor == 1
                content = tiff(values, bits, photometric, palette, compression, little, tiled, planar, predictor)
                shown = 1 - values if kind == "white" else values
                name = f"{kind}{channels * bits}-{compression}{'t' if tiled else ''}{'m' if not little else ''}"
                name += ("s" if planar else "") + ("d" if predictor == 2 else "")
                folder.add(name, "tif", content, rgb_of(shown, bits, palette))
    for compression in ("group3", "group4", "tiff_ccitt"):
        for width in (1, 2, 3, 4, 5, 6, 7, 8, 9, 17, 40):
            # Java's decoder of group 3 misreads narrower ones, so that they are refused.
            if width < 8 and compression != "group4":
                continue
            height = size()[1]
            values = samples(width, height, 1, 1)
            content = saved(values, "1", "TIFF", compression=compression)
            folder.add(f"{compression.replace('_', '')}-w{width}", "tif", content)
    for compression in ("tiff_lzw", "tiff_adobe_deflate", "packbits"):
        for mode, channels in [("1", 1), ("L", 1), ("RGB", 3)]:
            values = samples(*size(24), channels, 1 if mode == "1" else 8)
            folder.add(f"libtiff-{mode.lower()}-{compression.replace('_', '')}", "tif", saved(values, mode, "TIFF", compression=compression))
    for mode, channels in [("L", 1), ("RGB", 3)]:
        values = samples(*size(48), channels, 8)
        folder.add(f"libtiff-{mode.lower()}-jpeg", "tif", saved(values, mode, "TIFF", compression="jpeg"))


def make_webps(folder):
    for mode, channels in [("RGB", 3), ("RGBA", 4)]:
        for method in (0, 2, 4, 6):
            for colors in (8, 1, 3):
                values = samples(*size(40), channels, colors) * (255 // ((1 << colors) - 1))
                folder.add(f"{mode.lower()}-m{method}", "webp", saved(values, mode, "WEBP", lossless=True, exact=True, method=method))
    for mode, channels in [("RGB", 3), ("RGBA", 4)]:
        for quality in (10, 60, 95):
            width, height = size(48)
            ramp = (np.arange(height)[:, None, None] * 4 + np.arange(width)[None, :, None] * 3 + np.arange(channels) * 40) % 256
            folder.add(f"lossy-{mode.lower()}-{quality}", "webp", saved(ramp, mode, "WEBP", quality=quality, exact=True), keep=True)


def main():
    folder = Folder(sys.argv[1])
    make_pngs(folder)
    make_jpegs(folder)
    make_bmps(folder)
    make_gifs(folder)
    make_tiffs(folder)
    make_webps(folder)
    folder.close()


main()
