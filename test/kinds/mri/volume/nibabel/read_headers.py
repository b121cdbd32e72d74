"""What nibabel reads of NIfTI files: one JSON object a line, for each path among the arguments."""

import json
import sys

import nibabel
import numpy

for path in sys.argv[1:]:
    image = nibabel.load(path)
    header = image.header
    data = numpy.asarray(image.dataobj)
    print(
        json.dumps(
            {
                "shape": [int(length) for length in image.shape[:3]],
                "affine": image.affine.tolist(),
                "type": str(header.get_data_dtype().newbyteorder("=")),
                "codes": [int(header["qform_code"]), int(header["sform_code"])],
                "zooms": [float(size) for size in header.get_zooms()[:3]],
                "units": header.get_xyzt_units()[0],
                "sum": int(numpy.abs(data.astype("float64")).sum()) if data.dtype.kind in "iu" else None,
                "first": data.flatten(order="F")[:64].astype("float64").tolist(),
            }
        )
    )
