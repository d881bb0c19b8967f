import type { Upload } from "../domain/account.ts";

export interface UploadService {
  /** Streams a CSV in; resolves with the finished upload, whose progress can be asked meanwhile by its id. */
  start(
    request: { tenant_id: string; by: string; file_name: string; bytes: number },
    body: AsyncIterable<Uint8Array>,
  ): { id: string; done: Promise<Upload> };
  get(tenant_id: string, id: string): Promise<Upload | undefined>;
}
