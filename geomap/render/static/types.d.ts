// What our canvas layer uses of Leaflet's renderer and its published types leave out.
import * as L from "leaflet";

declare module "leaflet" {
  interface ZoomPanOptions {
    reset?: boolean;
  }
  interface Map {
    _zoomAnimated: boolean;
  }
  interface Renderer {
    _container: HTMLCanvasElement | undefined;
    _bounds: L.Bounds;
    _update(): void;
  }
}

declare global {
  interface Window {
    geomap: unknown;
    geomapNotebook: unknown;
  }
}
