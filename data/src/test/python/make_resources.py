"""Makes the test resources of this module, so that they come from other programs than the one tested.

usage: make_resources.py METRICS_FIXTURE_FOLDER
written with opencv 4.14.0, pillow 12.3, torch 2.13, safetensors 0.8
"""
import json
import struct
import sys
from pathlib import Path

import cv2
import numpy as np
import torch
from PIL import Image, ImageCms
from safetensors.numpy import load_file

OUT = Path(__file__).parent.parent / "resources" / "org" / "spike2former" / "data"
IMAGES = OUT / "images"
IMAGES.mkdir(parents=True, exist_ok=True)
rng = np.random.default_rng(20)

# A smooth picture with some structure, 29 wide and 21 high, that differs under every mirroring and turning.
y, x = np.mgrid[:21, :29]
photo = np.dstack([x * 8, y * 11, 40 + (x * y) % 120]).astype(np.uint8)
photo[3:9, 4:12] = (250, 240, 20)
photo[12:18, 18:27] = (10, 30, 200)
image = Image.fromarray(photo)
alpha = Image.fromarray(((x * 13 + y * 7) % 256).astype(np.uint8))


def exif(orientation):
    tags = Image.Exif()
    tags[0x0112] = orientation
    return tags


for name, options in {
    "baseline420": dict(subsampling=2),
    "baseline422": dict(subsampling=1),
    "progressive": dict(subsampling=2, progressive=True),
    "restart": dict(subsampling=0, restart_marker_blocks=2),
    "rgb": dict(keep_rgb=True),
}.items():
    image.save(IMAGES / f"{name}.jpg", quality=85, **options)
image.convert("L").save(IMAGES / "grey.jpg", quality=85)
image.convert("CMYK").save(IMAGES / "cmyk.jpg", quality=85)
cmyk = bytearray((IMAGES / "cmyk.jpg").read_bytes())
cmyk[cmyk.index(b"Adobe") + 11] = 2  # the same numbers, said to be YCCK
(IMAGES / "ycck.jpg").write_bytes(cmyk)

# A profile that swaps red and green, to see that profiles are not applied.
profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
profile = profile.replace(b"rXYZ", b"tXYZ").replace(b"gXYZ", b"rXYZ").replace(b"tXYZ", b"gXYZ")
image.save(IMAGES / "profile.jpg", quality=85, icc_profile=profile)
image.save(IMAGES / "profile.webp", lossless=True, icc_profile=profile)

for orientation in range(1, 9):
    image.save(IMAGES / f"exif{orientation}.jpg", quality=85, subsampling=0, exif=exif(orientation))
image.save(IMAGES / "exif6.png", exif=exif(6))
image.save(IMAGES / "exif8.webp", lossless=True, exif=exif(8))

image.save(IMAGES / "rgb8.png")
rgba = image.convert("RGBA")
rgba.putalpha(alpha)
rgba.save(IMAGES / "rgba8.png")
grey_alpha = image.convert("LA")
grey_alpha.putalpha(alpha)
grey_alpha.save(IMAGES / "greyalpha8.png")
wide = photo.astype(np.uint16) * 256 + rng.integers(0, 256, photo.shape).astype(np.uint16)
cv2.imwrite(str(IMAGES / "rgb16.png"), wide)
cv2.imwrite(str(IMAGES / "grey16.png"), wide[..., 0])
palette = image.quantize(16)
palette.save(IMAGES / "palette4.png", bits=4, transparency=3)
image.quantize(200).save(IMAGES / "palette8.png")
for name in "palette4", "palette8":
    indices = np.array(Image.open(IMAGES / f"{name}.png"))
    (OUT / f"indices_{name}.bin").write_bytes(indices.astype(np.uint8).tobytes())
image.convert("1").save(IMAGES / "bilevel.png")
palette.save(IMAGES / "palette.gif")
palette.save(IMAGES / "palette.bmp")
image.save(IMAGES / "rgb8.bmp")
image.save(IMAGES / "lzw.tif", compression="tiff_lzw")
image.convert("L").save(IMAGES / "grey.tif")
image.save(IMAGES / "lossless.webp", lossless=True)
rgba.save(IMAGES / "alpha.webp", lossless=True, exact=True)
y, x = np.mgrid[:48, :64]
smooth = np.dstack([x * 3 + 20, y * 4 + 10, 200 - x - y]).astype(np.uint8)
Image.fromarray(smooth).save(IMAGES / "lossy.webp", quality=90)

# Lossless files of few bits, of narrow pictures, and with every transform.
Image.new("RGB", (16, 16), "red").save(IMAGES / "solid.webp", lossless=True)
y, x = np.mgrid[:63, :15]
few = np.array([[9, 9, 9], [200, 30, 4], [20, 180, 90], [250, 240, 230]], np.uint8)
Image.fromarray(few[(x // 5 + y // 16) % 4]).save(IMAGES / "fewcolours.webp", lossless=True, quality=0)
Image.fromarray(few[(x[:1] // 3) % 2]).save(IMAGES / "row.webp", lossless=True)
Image.fromarray(few[(y[:, :1] // 9) % 2]).save(IMAGES / "column.webp", lossless=True)
y, x = np.mgrid[:48, :64]
busy = np.dstack([x * 5 + y, (x * y) % 251, y * 5 - x]) + ((x * 7919 + y * 104729) % 13)[..., None]
Image.fromarray(busy.astype(np.uint8)).save(IMAGES / "busy.webp", lossless=True, quality=100, method=6)

for file in sorted(IMAGES.iterdir()):
    if not file.name.endswith(".expected.png"):
        cv2.imwrite(f"{file}.expected.png", cv2.imread(str(file)))

# Resampling: channels, height, width, new height, new width (big-endian int32), old bytes, new bytes.
sizes = [(3, 17, 31, 16, 50), (3, 24, 36, 12, 18), (3, 7, 1, 20, 30), (1, 40, 60, 23, 35), (1, 1, 7, 20, 30),
         (1, 19, 23, 38, 46), (1, 45, 60, 64, 85), (1, 96, 20, 17, 41), (1, 16, 16, 50, 50), (1, 64, 48, 63, 49)]
with open(OUT / "resampling.bin", "wb") as f:
    for channels, h, w, new_h, new_w in sizes:
        old = rng.integers(0, 256, (h, w, channels), dtype=np.uint8)
        new = cv2.resize(old, (new_w, new_h), interpolation=cv2.INTER_LINEAR)
        f.write(struct.pack(">5i", channels, h, w, new_h, new_w) + old.tobytes() + new.tobytes())

# Labels: height, width, new height, new width (big-endian int32), old bytes, new bytes.
sizes = [(17, 31, 16, 50), (24, 36, 12, 18), (7, 1, 20, 30), (40, 60, 23, 35), (19, 23, 38, 46), (45, 60, 64, 85)]
with open(OUT / "nearest.bin", "wb") as f:
    for h, w, new_h, new_w in sizes:
        old = rng.integers(0, 256, (h, w), dtype=np.uint8)
        new = cv2.resize(old, (new_w, new_h), interpolation=cv2.INTER_NEAREST)
        f.write(struct.pack(">4i", h, w, new_h, new_w) + old.tobytes() + new.tobytes())

# Colours: 4096 as RGB, these as HSV, 4096 as HSV, these as RGB.
with open(OUT / "hsv.bin", "wb") as f:
    rgb = rng.integers(0, 256, (1, 4096, 3), dtype=np.uint8)
    rgb[0, :64] = rgb[0, :64, :1]
    hsv = rng.integers(0, 256, (1, 4096, 3), dtype=np.uint8)
    hsv[..., 0] %= 180
    for colours in rgb, cv2.cvtColor(rgb, cv2.COLOR_RGB2HSV), hsv, cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB):
        f.write(colours.tobytes())

# Normalisation of every level: float32 [256, 3], then float64 [256, 3], big-endian.
mean, std = [123.675, 116.28, 103.53], [58.395, 57.12, 57.375]
with open(OUT / "normalised.bin", "wb") as f:
    for dtype, code in (torch.float32, ">f4"), (torch.float64, ">f8"):
        levels = torch.arange(256, dtype=dtype)[:, None].expand(256, 3)
        result = (levels - torch.tensor(mean, dtype=dtype)) / torch.tensor(std, dtype=dtype)
        f.write(result.numpy().astype(code).tobytes())

# Metrics of mmsegmentation's IoUMetric on random labels, the three images on top of each other.
metrics = Path(sys.argv[1])
tensors = load_file(metrics / "metrics.safetensors")
cv2.imwrite(str(OUT / "metrics_prediction.png"), tensors["pred"].reshape(-1, 64))
cv2.imwrite(str(OUT / "metrics_truth.png"), tensors["gt"].reshape(-1, 64))
expected = json.loads((metrics / "metrics.json").read_text())
expected["areas"] = {name: tensors[f"area_{name}"].astype(int).tolist()
                     for name in ("intersect", "union", "pred_label", "label")}
(OUT / "metrics.json").write_text(json.dumps(expected, indent=1) + "\n")
