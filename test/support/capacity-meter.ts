import type { ConsumedCapacity, DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** What requests to the table came to since the meter was last set to zero. */
export interface CapacityReading {
  /** requests, by command */
  calls: Record<string, number>;
  /** units as DynamoDB bills them on demand: indexes included, transactions twice */
  readUnits: number;
  writeUnits: number;
}

const writes = ['PutItemCommand', 'UpdateItemCommand', 'DeleteItemCommand', 'TransactWriteItemsCommand'];

interface Metered {
  ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[];
}

/** Asks the engine, with every request, what it consumes. `take` gives the reading and sets the meter to zero. */
export function meterCapacity(client: DynamoDBClient): { take(): CapacityReading } {
  let reading: CapacityReading = { calls: {}, readUnits: 0, writeUnits: 0 };
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const command = context.commandName ?? '';
      const result = await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: 'TOTAL' } });
      const { ConsumedCapacity: consumed } = result.output as Metered;
      const units = [consumed ?? []].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
      reading.calls[command] = (reading.calls[command] ?? 0) + 1;
      if (writes.includes(command)) reading.writeUnits += units;
      else reading.readUnits += units;
      return result;
    },
    { step: 'initialize', name: 'capacity-meter' },
  );
  return {
    take() {
      const taken = reading;
      reading = { calls: {}, readUnits: 0, writeUnits: 0 };
      return taken;
    },
  };
}
