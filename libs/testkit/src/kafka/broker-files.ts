import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export const KAFKA_VERSION = '4.1.0';
const LOG4J_VERSION = '2.24.3';
const dependency = (group: string, artifact: string, version: string): string =>
  `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><groupId>telltale</groupId><artifactId>broker</artifactId><version>1</version>
<dependencies>${dependency('org.apache.kafka', 'kafka_2.13', KAFKA_VERSION)}${dependency('org.apache.logging.log4j', 'log4j-core', LOG4J_VERSION)}${dependency('org.apache.logging.log4j', 'log4j-slf4j-impl', LOG4J_VERSION)}</dependencies></project>`;

const works = (command: string, ...args: string[]): boolean => spawnSync(command, args, { stdio: 'ignore' }).status === 0;

const folder = join(homedir(), '.cache', 'telltale', `kafka-${KAFKA_VERSION}`);

/** What is missing to run a broker here, or null. */
export function toolsMissing(): string | null {
  if (!works('java', '-version')) return 'no Java';
  return existsSync(folder) || works('mvn', '--version') ? null : 'no Maven';
}

/** Folder with the broker's jars, fetched once from Maven Central; or the reason why there is none. */
export function brokerJars(): string | { readonly unavailable: string } {
  const missing = toolsMissing();
  if (missing) return { unavailable: missing };
  if (existsSync(folder)) return folder;
  mkdirSync(join(folder, '..'), { recursive: true });
  const draft = mkdtempSync(`${folder}-draft-`);
  try {
    writeFileSync(join(draft, 'pom.xml'), POM);
    execFileSync(
      'mvn',
      ['-q', '-B', '-f', join(draft, 'pom.xml'), 'dependency:copy-dependencies', `-DoutputDirectory=${join(draft, 'jars')}`],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    if (readdirSync(join(draft, 'jars')).length === 0) return { unavailable: 'Maven brought no jars' };
    // The first process wins; the others use its files.
    if (!existsSync(folder)) renameSync(join(draft, 'jars'), folder);
    return folder;
  } catch (error) {
    return existsSync(folder)
      ? folder
      : {
          unavailable: `Maven could not fetch the broker (${error instanceof Error ? error.message.split('\n')[0] : String(error)})`,
        };
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
