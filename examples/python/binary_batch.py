"""Decodes the frames that `"format": "binary"` brings, with nothing but the standard library."""

import json
import struct

QUALITIES = ("good", "uncertain", "bad")


class Bytes:
    def __init__(self, data):
        self.data, self.at = data, 0

    def byte(self):
        self.at += 1
        return self.data[self.at - 1]

    def take(self, length):
        self.at += length
        return self.data[self.at - length : self.at]

    def varint(self):
        number = shift = 0
        while True:
            byte = self.byte()
            number |= (byte & 127) << shift
            if byte < 128:
                return number
            shift += 7

    def signed(self):
        number = self.varint()
        return number // 2 if number % 2 == 0 else -(number + 1) // 2

    def float64(self):
        return struct.unpack("<d", self.take(8))[0]

    def text(self):
        return self.take(self.varint()).decode()

    def reference(self, texts):
        number = self.varint()
        if number == 0:
            return None
        if number == 1:
            texts.append(self.text())
            return texts[-1]
        return texts[number - 2]


class Series:
    def __init__(self, source, texts):
        self.asset_id = source.reference(texts)
        shared = source.varint()
        self.sensor_id = self.asset_id[:shared] + source.text()
        self.sensor_type = source.reference(texts)
        self.unit = source.reference(texts)
        self.asset_type = source.reference(texts)
        self.quality, self.scale, self.last = "good", 0, 0


def decode(frame):
    """-> (header, readings); times in ms since 1970, header has `tenant_id`, `timestamp` and maybe `cursor`."""
    source = Bytes(frame)
    if source.byte() != 0x11:
        raise ValueError("no batch of readings, version 1")
    header = json.loads(source.take(source.varint()))
    if source.byte() != 1:
        raise ValueError("no reading block, version 1")
    readings, series, texts = [], [], []
    index, time, step = -1, 0, 0
    for _ in range(source.varint()):
        control = source.byte()
        mode = control >> 5 & 3
        index = index + 1 if mode == 0 else index if mode == 1 else source.varint()
        if index == len(series):
            series.append(Series(source, texts))
        of = series[index]
        mode = control >> 3 & 3
        if mode == 2:
            step = source.signed()
        if mode in (1, 2):
            time += step
        elif mode == 3:
            time = source.float64()
        if control & 128:
            of.quality = QUALITIES[source.byte()]
        scale = control & 7
        if scale == 7:
            value = source.float64()
        else:
            of.last = source.signed() + (of.last if scale == of.scale else 0)
            value = of.last / 10**scale
        of.scale = scale
        readings.append(
            {
                "asset_id": of.asset_id,
                "sensor_id": of.sensor_id,
                "sensor_type": of.sensor_type,
                "unit": of.unit,
                "quality": of.quality,
                "value": value,
                "timestamp": time,
            }
        )
    if source.byte() == 1:
        done = time = 0
        while done < len(readings):
            head = source.varint()
            time = source.float64() if head % 2 else time + source.signed()
            for reading in readings[done : done + head // 2]:
                reading["received_at"] = time
            done += head // 2
    return header, readings
