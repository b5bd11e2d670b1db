import { Controller, Get, Header } from '@nestjs/common';
import { COMMANDS, docsPage, openApiDocument, type OpenApiDocument, QUERIES } from '@telltale/query';

/** What can be asked, for programs and for people. Open without a key: it holds nobody's data. */
@Controller('api')
export class DocumentController {
  private readonly document: OpenApiDocument = openApiDocument([...QUERIES, ...COMMANDS]);
  private readonly page = docsPage(this.document);

  @Get('openapi.json')
  openApi(): OpenApiDocument {
    return this.document;
  }

  @Get('docs')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
  docs(): string {
    return this.page;
  }
}
