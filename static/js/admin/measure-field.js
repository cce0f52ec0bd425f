/** Says in pixels where a slider stands, while it is moved. */
export class MeasureField extends HTMLElement {
  connectedCallback() {
    this.addEventListener("input", this.#tell);
  }

  #tell = ({ target }) => {
    this.querySelector("output").value = `${target.value} px`;
  };
}
customElements.define("measure-field", MeasureField);
