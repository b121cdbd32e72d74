"""A plain loop: OpenCV reads, the same MoveNet looks at each whole frame, no cropping, default threads."""
import json
import resource
import sys
import time

import cv2
import numpy
import onnxruntime

capture = cv2.VideoCapture(sys.argv[1])
session = onnxruntime.InferenceSession(sys.argv[2], providers=["CPUExecutionProvider"])
name = session.get_inputs()[0].name
frames = seen = 0
started = time.perf_counter()
while True:
    ok, frame = capture.read()
    if not ok:
        break
    height, width = frame.shape[:2]
    scale = 192 / max(height, width)
    small = cv2.resize(frame, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_LINEAR)
    square = numpy.zeros((192, 192, 3), numpy.uint8)
    square[: small.shape[0], : small.shape[1]] = small
    pixels = cv2.cvtColor(square, cv2.COLOR_BGR2RGB)[None].astype(numpy.int32)
    keypoints = session.run(None, {name: pixels})[0]
    frames += 1
    seen += bool(keypoints[0, 0, :, 2].mean() > 0.3)
seconds = time.perf_counter() - started
peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"frames": frames, "seen": seen, "seconds": seconds, "peak_mb": peak_mb}))
