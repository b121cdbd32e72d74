"""A plain script as one would write it: OpenCV reads, MediaPipe Pose looks at every frame."""
import json
import resource
import sys
import time

import cv2
import mediapipe as mp

capture = cv2.VideoCapture(sys.argv[1])
pose = mp.solutions.pose.Pose(model_complexity=1)
frames = seen = 0
started = time.perf_counter()
while True:
    ok, frame = capture.read()
    if not ok:
        break
    result = pose.process(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB))
    frames += 1
    seen += result.pose_landmarks is not None
seconds = time.perf_counter() - started
pose.close()
peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"frames": frames, "seen": seen, "seconds": seconds, "peak_mb": peak_mb}))
