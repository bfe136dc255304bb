/** What is counted: a code and how many decimal places its minor unit has, written `BRL/2`. */
export interface Asset {
  readonly code: string;
  readonly scale: number;
}

const CLIENT_ASSET = /^[A-Z][A-Z0-9_]{0,15}\/(?:0|[1-9]|1[0-8])$/;

/** Whether clients may open accounts in it. Goods (`sku:…/0`) belong to their product alone. */
export function isClientAsset(asset: string): boolean {
  return CLIENT_ASSET.test(asset);
}

/** Splits `BRL/2`; the asset must be well formed. */
export function parseAsset(asset: string): Asset {
  const slash = asset.lastIndexOf('/');
  return { code: asset.slice(0, slash), scale: Number(asset.slice(slash + 1)) };
}

/** The asset in which the units of one product are counted. */
export function goodsAsset(sku: string): string {
  return `sku:${sku}/0`;
}
