import 'reflect-metadata';
import { ConsoleLogger, Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { type Consumer, type Kafka } from 'kafkajs';
import { AlertsController } from './alerts.controller';
import { Webhook } from './webhook';

const env = (name: string, fallback: string): string => process.env[name] || fallback;

const webhook = new Webhook({
  url: process.env['ALERT_WEBHOOK_URL'] || null,
  timeoutMs: Number(env('ALERT_WEBHOOK_TIMEOUT_MS', '5000')),
  firstPauseMs: 250,
  // Well below the session timeout of the consumer, as each try sends a heartbeat.
  longestPauseMs: 5_000,
});

@Module({ controllers: [AlertsController], providers: [{ provide: Webhook, useValue: webhook }] })
class AlertsModule {}

async function main(): Promise<void> {
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(AlertsModule, {
    logger: new ConsoleLogger({ colors: false }),
    transport: Transport.KAFKA,
    options: {
      // Without it Nest appends `-server` to the group.
      postfixId: '',
      client: { clientId: 'alert-consumer', brokers: env('KAFKA_BROKERS', '127.0.0.1:9092').split(',') },
      consumer: { groupId: env('KAFKA_GROUP_ID', 'alert-consumer'), sessionTimeout: 30_000, allowAutoTopicCreation: false },
      // A group without offsets starts with the oldest alert: from the newest it would lose what comes before its first commit.
      subscribe: { fromBeginning: true },
      // kafkajs commits what the handler has finished, after each alert.
      run: { autoCommitThreshold: 1 },
    },
  });
  // SIGTERM and SIGINT: give up the alert in hand or finish it, leave the group, exit.
  app.enableShutdownHooks();
  await app.listen();
  const [, consumer] = app.unwrap<[Kafka, Consumer]>();
  // kafkajs starts again by itself after most errors; after the others (such as refused credentials) the process has to end.
  consumer.on('consumer.crash', ({ payload }) => {
    if (!payload.restart) process.exit(1);
  });
  new Logger('Main').log('consuming telltale.alerts.v1');
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
