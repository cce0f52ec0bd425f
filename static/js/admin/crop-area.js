/** A rectangle within a picture, in its pixels: moved, sized from its middle or a corner, and never out of the picture. */
const LEAST = 0.05;

export class CropArea {
  constructor(width, height, { isSquare }) {
    this.picture = { width, height };
    this.isSquare = isSquare;
    this.width = isSquare ? Math.min(width, height) : width;
    this.height = isSquare ? this.width : height;
    this.left = (width - this.width) / 2;
    this.top = (height - this.height) / 2;
  }

  /** The longest that each side can be. */
  get most() {
    const { width, height } = this.picture;
    return this.isSquare ? { width: Math.min(width, height), height: Math.min(width, height) } : { width, height };
  }

  /** In whole pixels, as the server takes it. */
  get pixels() {
    const { left, top, width, height } = this;
    return Object.fromEntries(Object.entries({ left, top, width, height }).map(([name, value]) => [name, Math.round(value)]));
  }

  move(right, down) {
    this.left = within(this.left + right, 0, this.picture.width - this.width);
    this.top = within(this.top + down, 0, this.picture.height - this.height);
  }

  /** @param side `width` or `height`, to a part (0 to 1) of the longest; the middle stays where it can */
  size(side, part) {
    const before = { width: this.width, height: this.height };
    const length = this.most[side] * within(part, LEAST, 1);
    if (this.isSquare) this.width = this.height = length;
    else this[side] = length;
    this.move((before.width - this.width) / 2, (before.height - this.height) / 2);
  }

  /** @param corner `[0 or 1, 0 or 1]`: left or right, upper or lower; the one across from it stays */
  pull([isRight, isLower], x, y) {
    const across = [isRight ? this.left : this.left + this.width, isLower ? this.top : this.top + this.height];
    let width = this.#length("width", isRight, across[0], x);
    let height = this.#length("height", isLower, across[1], y);
    if (this.isSquare) width = height = Math.min(width, height);
    this.left = isRight ? across[0] : across[0] - width;
    this.top = isLower ? across[1] : across[1] - height;
    Object.assign(this, { width, height });
  }

  #length(side, isForward, from, to) {
    const room = isForward ? this.picture[side] - from : from;
    return within(isForward ? to - from : from - to, Math.min(this.most[side] * LEAST, room), Math.min(room, this.most[side]));
  }
}

function within(value, least, most) {
  return Math.min(Math.max(value, least), most);
}
