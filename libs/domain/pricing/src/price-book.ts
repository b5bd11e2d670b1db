import { calcPrice, type ModelInfo, type ModelPrice, type TieredPrices, type Usage } from '@pydantic/genai-prices';
import { version } from '@pydantic/genai-prices/package.json';
