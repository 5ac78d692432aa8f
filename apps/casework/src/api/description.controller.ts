import { Controller, Get, Inject, type Type, UseFilters } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { OpenToAll } from '../frame/request';
import { base } from './answers';
import { Describes } from './described';
import { ApiDescription } from './openapi';
import { ApiProblems } from './problems';
import { Open } from './routes';

export const DESCRIBED = Symbol('the module that the description is of');

@ApiTags('Description')
@Controller(base)
@OpenToAll()
@UseFilters(ApiProblems)
export class DescriptionController {
  constructor(
    private readonly description: ApiDescription,
    @Inject(DESCRIBED) private readonly described: () => Type,
  ) {}

  @Get('openapi.json')
  @Open()
  @Describes({ id: 'describe', summary: 'Read this description (OpenAPI 3.1)', answers: { 200: '' } })
  read(): object {
    return this.description.of(this.described());
  }
}
