export const api = process.env.API!;

export const token = async () => process.env.TOKEN!;
