import assert from "node:assert/strict";
import { test } from "node:test";
import { CropArea } from "../../static/js/admin/crop-area.js";

const square = () => new CropArea(300, 200, { isSquare: true });
const free = () => new CropArea(300, 200, { isSquare: false });

test("it begins with the middle for a square, and with all for a logo", () => {
  assert.deepEqual(square().pixels, { left: 50, top: 0, width: 200, height: 200 });
  assert.deepEqual(free().pixels, { left: 0, top: 0, width: 300, height: 200 });
});

test("it never leaves the picture, however far it is moved", () => {
  const area = square();
  area.size("width", 0.5);
  for (const [right, down] of [[999, 999], [-999, -999], [0, 999]]) {
    area.move(right, down);
    const { left, top, width, height } = area.pixels;
    assert.ok(left >= 0 && top >= 0 && left + width <= 300 && top + height <= 200);
  }
});

test("a size keeps the middle where it can, and a square square", () => {
  const area = square();
  area.size("width", 0.5);
  assert.deepEqual(area.pixels, { left: 100, top: 50, width: 100, height: 100 });
  area.move(-100, -50);
  area.size("width", 1);
  assert.deepEqual(area.pixels, { left: 0, top: 0, width: 200, height: 200 });
});

test("a corner is pulled against the one across from it", () => {
  const area = free();
  area.pull([0, 0], 60, 50);
  assert.deepEqual(area.pixels, { left: 60, top: 50, width: 240, height: 150 });
  area.pull([1, 1], 160, 80);
  assert.deepEqual(area.pixels, { left: 60, top: 50, width: 100, height: 30 });
  area.pull([1, 0], 999, -999);
  assert.deepEqual(area.pixels, { left: 60, top: 0, width: 240, height: 80 });
});

test("a square stays square at each corner, within the picture", () => {
  for (const corner of [[0, 0], [1, 0], [0, 1], [1, 1]]) {
    for (const [x, y] of [[-50, -50], [500, 500], [120, 90], [0, 200]]) {
      const area = square();
      area.size("width", 0.6);
      area.pull(corner, x, y);
      const { left, top, width, height } = area.pixels;
      assert.equal(width, height);
      assert.ok(width >= 1 && left >= 0 && top >= 0 && left + width <= 300 && top + height <= 200, `${corner} ${x} ${y}`);
    }
  }
});

test("nothing becomes too small to be seen", () => {
  const area = free();
  area.size("height", 0);
  assert.equal(area.pixels.height, 10);
  area.pull([1, 1], 0, 0);
  assert.ok(area.pixels.width >= 1);
});
